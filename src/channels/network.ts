/** Codes of failures before a connection stood: they prove that nothing left this machine. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

export const neverConnected = (code: string): boolean => NEVER_CONNECTED.has(code)
