/** Below this age nobody helps before the guardian has said so themself; between it and 18 staff ask the guardian. */
export const GUARDIAN_CONFIRMS_BELOW = 14

export const needsGuardiansWord = ({ age }: { age: number | null }): boolean => age !== null && age < GUARDIAN_CONFIRMS_BELOW

/** Who gave it, in histories, where it came from the guardian's own chat. */
export const GUARDIAN = '监护人'

/** Longest account of how a guardian gave their word, in characters. */
export const LONGEST_HOW = 300
