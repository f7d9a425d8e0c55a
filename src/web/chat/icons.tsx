import type { Child } from 'hono/jsx'

const icon = (shape: Child) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
    {shape}
  </svg>
)

/** Line drawings beside words; none of them stands alone. */
export const ICONS = {
  house: icon(<path d="M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8M10 20v-5.5h4V20" />),
  book: icon(<path d="M12 6.5C10 5 7 4.5 3.5 5v13.5c3.500-.5 6.500 0 8.500 1.500 2-1.500 5-2 8.500-1.500V5C17 4.500 14 5 12 6.500zM12 6.500V20" />),
  wrench: icon(<path d="M14.500 6.500a4.500 4.500 0 0 1 5.800-1.600l-3 3 .8 1.800 1.800.8 3-3a4.500 4.500 0 0 1-6.300 5.300L9 20.500a2.100 2.100 0 0 1-3-3l8-7.500a4.500 4.500 0 0 1 .5-3.500z" transform="translate(-2 0)" />),
  camera: icon(
    <>
      <path d="M4 8h3.500L9 5.500h6L16.500 8H20v11H4z" />
      <circle cx="12" cy="13" r="3.500" />
    </>,
  ),
  clock: icon(
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 7v5.200l3.500 2" />
    </>,
  ),
  heart: icon(<path d="M12 20S3.500 15 3.500 9.300A4.700 4.700 0 0 1 12 6.600a4.700 4.700 0 0 1 8.500 2.700C20.500 15 12 20 12 20z" />),
  person: icon(
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4 20.500c.8-4.200 4-6.500 8-6.500s7.200 2.300 8 6.500" />
    </>,
  ),
  type: icon(<path d="M3 19 8.500 5 14 19M5 14.500h7M15 19l3-8 3 8M16 16.500h4" />),
}
