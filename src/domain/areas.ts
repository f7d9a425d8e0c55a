import type { Area } from './services.ts'

/** Areas by code or by name, with everything that lies in them. What is unknown stays and reaches nobody. */
export function expandAreas<T extends { areas?: string[] }>(audience: T, areas: readonly Area[]): T {
  if (!audience.areas?.length) return audience
  const wanted = new Set(audience.areas)
  const codes = new Set([...wanted, ...areas.filter((area) => wanted.has(area.name)).map((area) => area.code)])
  // An area may stand before its parent in the file, so this goes on until nothing is added.
  for (let before = -1; before !== codes.size; ) {
    before = codes.size
    for (const area of areas) if (area.parent !== null && codes.has(area.parent)) codes.add(area.code)
  }
  return { ...audience, areas: [...codes] }
}
