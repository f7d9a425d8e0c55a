import type { Area, AreaLevel } from '../domain/services.ts'

const DEPTH: Record<AreaLevel, number> = { prefecture: 0, county: 1, town: 2, community: 3, grid: 4 }

/** The deepest area whose name or one of whose words stands in the text; null when none does. The longest word wins among equals. */
export function findAreaCode(text: string, areas: readonly Area[]): string | null {
  let best: { code: string; depth: number; length: number } | undefined
  for (const area of areas) {
    for (const word of [area.name, ...area.words]) {
      if (!text.includes(word)) continue
      const found = { code: area.code, depth: DEPTH[area.level], length: word.length }
      if (!best || found.depth > best.depth || (found.depth === best.depth && found.length > best.length)) best = found
    }
  }
  return best?.code ?? null
}

/** The area's name, for people; the code itself when it is not in the tree any more. */
export const areaName = (code: string | null, areas: readonly Area[]): string => (code === null ? '' : (areas.find((area) => area.code === code)?.name ?? code))
