// A thread starts without the loader for TypeScript that the program was started with.
import { register } from 'tsx/esm/api'

register()
await import('./backup-worker.ts')
