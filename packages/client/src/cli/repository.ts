import { resolve } from 'node:path'

/** Folder of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../../../..')
