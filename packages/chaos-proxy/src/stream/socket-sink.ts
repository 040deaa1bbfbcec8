import type { Socket } from 'node:net'
import type { Chunk } from '../toxics/effect.ts'
import { giveBuffer } from './buffers.ts'
import type { Sink } from './sink.ts'

/** The end of a link: the socket that its bytes are written to. */
export class SocketSink implements Sink {
  /** Bytes written so far. */
  sent = 0
  readonly #socket: Socket
  readonly #close: (socket: Socket) => void

  /** @param close how the socket is closed when the stream has ended */
  constructor(socket: Socket, close: (socket: Socket) => void) {
    this.#socket = socket
    this.#close = close
  }

  get full(): boolean {
    return this.#socket.writableNeedDrain
  }

  /** Whether all that was written has been taken by the system. */
  get idle(): boolean {
    return this.#socket.writableLength === 0
  }

  push({ data, buffer }: Chunk): void {
    if (data === undefined) this.#close(this.#socket)
    else if (buffer === undefined) this.write(data)
    else this.write(data, (error) => error ?? giveBuffer(buffer))
  }

  /** @param done called when the data was written, or with an error when it was not */
  write(data: Buffer, done?: (error?: Error | null) => void): void {
    if (!this.#socket.writable) return
    this.sent += data.length
    this.#socket.write(data, done)
  }
}
