import { pinyin } from 'pinyin-pro'
import { CHARACTERS, FIRST_CHARACTER, type Syllables } from '../syllables.ts'

/** The syllable of every character, for the weights: reading needs no dictionary then. */
export function makeSyllables(): Syllables {
  const sounds = Array.from({ length: CHARACTERS }, (_, place) => {
    const sound = pinyin(String.fromCharCode(FIRST_CHARACTER + place), { toneType: 'none' }).replace('ü', 'v')
    return /^[a-z]{1,6}$/.test(sound) ? sound : ''
  })
  const names = [...new Set(sounds)].filter((name) => name !== '').sort()
  const places = new Map(names.map((name, index) => [name, index + 1]))
  return { names, of: Uint16Array.from(sounds, (name) => places.get(name) ?? 0) }
}
