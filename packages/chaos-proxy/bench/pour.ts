import type { Socket } from 'node:net'

const block = Buffer.alloc(64 * 1024)

/** Writes so many bytes, as fast as they are taken. */
export function pour(socket: Socket, bytes: number): void {
  let left = bytes
  const fill = () => {
    while (left > 0) {
      const part = left < block.length ? block.subarray(0, left) : block
      left -= part.length
      if (!socket.write(part)) return
    }
  }
  socket.on('drain', fill)
  fill()
}
