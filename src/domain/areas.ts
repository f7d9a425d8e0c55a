import type { Area } from './services.ts'

/** Areas by code or by name, with everything that lies in them. What is unknown stays and reaches nobody. */
export function expandAreas<T extends { areas?: string[] }>(audience: T, areas: readonly Area[]): T {
  if (!audience.areas?.length) return audience
  const wanted = new Set(audience.areas)
  const named = areas.filter((area) => wanted.has(area.name)).map((area) => area.code)
  const codes = new Set([...wanted, ...named].flatMap((code) => codesWithin(code, areas)))
  return { ...audience, areas: [...codes] }
}

/** An area and those above it, the nearest first; [] when it is not in the tree. */
export function areaLine(code: string | null, areas: readonly Area[]): Area[] {
  const line: Area[] = []
  for (let at = code; at !== null; ) {
    const area = areas.find((one) => one.code === at)
    if (area === undefined || line.includes(area)) break
    line.push(area)
    at = area.parent
  }
  return line
}

/** The codes of an area and of all that lie in it; the code alone when it is not in the tree. */
export function codesWithin(code: string, areas: readonly Area[]): string[] {
  const found = [code]
  for (let index = 0; index < found.length; index += 1) {
    for (const area of areas) if (area.parent === found[index] && !found.includes(area.code)) found.push(area.code)
  }
  return found
}
