export { looksLikeFileStore } from './looks-like.ts'
export { openFileStore } from './open-file-store.ts'
