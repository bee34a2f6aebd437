export { looksLikeServer, withoutSecret } from './address.ts'
export { openServer } from './open-server.ts'
export { refuseOwnAddress } from './own-address.ts'
