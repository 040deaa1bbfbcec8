/** How many bytes are read at once. */
export const READ_SIZE = 64 * 1024

/** Buffers that nothing needs at the moment: what is used again costs neither garbage nor new pages. */
const spare: Buffer[] = []
/** 8 MiB of them; what is more is left to the garbage collector. */
const SPARES = 128

/** A buffer to read into, with anything in it. */
export const takeBuffer = (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(READ_SIZE)

/** To be called once, when nothing reads or writes the buffer any more. One that is never given back is just garbage. */
export function giveBuffer(buffer: Buffer): void {
  if (spare.length < SPARES) spare.push(buffer)
}
