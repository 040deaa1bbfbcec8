/** `upstream` is from the client to the server, `downstream` from the server to the client. */
export type Direction = 'upstream' | 'downstream'
export const DIRECTIONS: readonly Direction[] = ['upstream', 'downstream']
