import { hash, verify } from '@node-rs/argon2'

/** argon2id as OWASP recommends it: 19 MiB, two passes, one lane; about 30 ms. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** What unknown users are checked against, so that they take as long as known ones. */
const DUMMY_HASH = hash('nobody has this password', ARGON2ID)

/** Longest password that is looked at, in UTF-16 units. */
export const LONGEST_PASSWORD = 200
export const SHORTEST_PASSWORD = 10

/** The same password typed with another input method (full width, composed accents) is the same. */
const normalise = (password: string): string => password.normalize('NFKC')

export const hashPassword = (password: string): Promise<string> => hash(normalise(password), ARGON2ID)

/** Whether `password` is the one behind `passwordHash`; takes as long when there is none. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false
  const isRight = await verify(passwordHash ?? (await DUMMY_HASH), normalise(password))
  return isRight && passwordHash !== null
}
