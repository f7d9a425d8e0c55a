/**
 * When what was filed on a day has to be done, and when it climbs if it is not: written by hand from the State Council's notice for
 * 2026 (Mid-Autumn 25 to 27 September; National Day 1 to 7 October; worked: Sunday 20 September, Saturday 10 October) on a wall
 * calendar. Due at 17:30, climbing at 08:30. `[due, town, county, prefecture]`, month and day.
 *
 * Worked days: 9-18 Fri, 9-20 Sun, 9-21, 9-22, 9-23, 9-24 Thu, 9-28 Mon, 9-29, 9-30 Wed, 10-8 Thu, 10-9 Fri, 10-10 Sat, 10-12 Mon,
 * 10-13, 10-14, 10-15, 10-16 Fri, 10-19 Mon, 10-20, 10-21, 10-22, 10-23 Fri.
 */
export type Row = readonly [due: string, town: string, county: string, prefecture: string]

export const BY_DAY: Record<string, { urgent: Row; ordinary: Row; long: Row }> = {
  '09-18': { urgent: ['09-20', '09-21', '09-22', '09-23'], ordinary: ['09-22', '09-23', '09-28', '10-08'], long: ['09-29', '09-30', '10-09', '10-13'] },
  '09-19': { urgent: ['09-20', '09-21', '09-22', '09-23'], ordinary: ['09-22', '09-23', '09-28', '10-08'], long: ['09-29', '09-30', '10-09', '10-13'] },
  '09-20': { urgent: ['09-21', '09-22', '09-23', '09-24'], ordinary: ['09-23', '09-24', '09-29', '10-09'], long: ['09-30', '10-08', '10-10', '10-14'] },
  '09-21': { urgent: ['09-22', '09-23', '09-24', '09-28'], ordinary: ['09-24', '09-28', '09-30', '10-10'], long: ['10-08', '10-09', '10-12', '10-15'] },
  '09-22': { urgent: ['09-23', '09-24', '09-28', '09-29'], ordinary: ['09-28', '09-29', '10-08', '10-12'], long: ['10-09', '10-10', '10-13', '10-16'] },
  '09-23': { urgent: ['09-24', '09-28', '09-29', '09-30'], ordinary: ['09-29', '09-30', '10-09', '10-13'], long: ['10-10', '10-12', '10-14', '10-19'] },
  '09-24': { urgent: ['09-28', '09-29', '09-30', '10-08'], ordinary: ['09-30', '10-08', '10-10', '10-14'], long: ['10-12', '10-13', '10-15', '10-20'] },
  '09-25': { urgent: ['09-28', '09-29', '09-30', '10-08'], ordinary: ['09-30', '10-08', '10-10', '10-14'], long: ['10-12', '10-13', '10-15', '10-20'] },
  '09-26': { urgent: ['09-28', '09-29', '09-30', '10-08'], ordinary: ['09-30', '10-08', '10-10', '10-14'], long: ['10-12', '10-13', '10-15', '10-20'] },
  '09-27': { urgent: ['09-28', '09-29', '09-30', '10-08'], ordinary: ['09-30', '10-08', '10-10', '10-14'], long: ['10-12', '10-13', '10-15', '10-20'] },
  '09-28': { urgent: ['09-29', '09-30', '10-08', '10-09'], ordinary: ['10-08', '10-09', '10-12', '10-15'], long: ['10-13', '10-14', '10-16', '10-21'] },
  '09-29': { urgent: ['09-30', '10-08', '10-09', '10-10'], ordinary: ['10-09', '10-10', '10-13', '10-16'], long: ['10-14', '10-15', '10-19', '10-22'] },
  '09-30': { urgent: ['10-08', '10-09', '10-10', '10-12'], ordinary: ['10-10', '10-12', '10-14', '10-19'], long: ['10-15', '10-16', '10-20', '10-23'] },
  '10-01': { urgent: ['10-08', '10-09', '10-10', '10-12'], ordinary: ['10-10', '10-12', '10-14', '10-19'], long: ['10-15', '10-16', '10-20', '10-23'] },
}

/** Those whom something happens to on the way. `acts`: what is done to it, and when; `climbs`: local instants, town first. */
export const SPECIAL: Record<string, { sort: 'ordinary' | 'emergency'; filed: string; acts: { at: string; act: 'resolve' | 'wait' | 'answer' | 'see' | 'put_off' }[]; due: string; climbs: string[] }> = {
  'done on its last day': { sort: 'ordinary', filed: '09-18 10:00', acts: [{ at: '09-22 16:00', act: 'resolve' }], due: '09-22 17:30', climbs: [] },
  'done when it had got to the town': { sort: 'ordinary', filed: '09-18 10:00', acts: [{ at: '09-25 10:00', act: 'resolve' }], due: '09-22 17:30', climbs: ['09-23 08:30'] },
  'waiting for its resident until 29 September': { sort: 'ordinary', filed: '09-18 10:00', acts: [{ at: '09-22 16:00', act: 'wait' }, { at: '09-29 10:00', act: 'answer' }], due: '09-22 17:30', climbs: ['09-29 17:29', '10-08 08:30', '10-12 08:30'] },
  'put off until 9 October': { sort: 'ordinary', filed: '09-18 10:00', acts: [{ at: '09-22 10:00', act: 'put_off' }], due: '10-09 17:30', climbs: ['10-10 08:30', '10-13 08:30', '10-16 08:30'] },
  'an emergency that nobody sees': { sort: 'emergency', filed: '09-26 22:10', acts: [], due: '09-26 22:10', climbs: ['09-26 22:40', '09-27 00:10', '09-27 04:10'] },
  'an emergency that was seen after ten minutes': { sort: 'emergency', filed: '09-26 22:10', acts: [{ at: '09-26 22:20', act: 'see' }], due: '09-26 22:10', climbs: ['09-29 08:30', '09-30 08:30', '10-08 08:30'] },
}
