export { looksLikeServer, withoutSecret } from './address.ts'
export { openServer } from './open-server.ts'
