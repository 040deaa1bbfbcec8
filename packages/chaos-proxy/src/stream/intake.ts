import { type OnReadOpts, Socket } from 'node:net'
import { giveBuffer, READ_SIZE, takeBuffer } from './buffers.ts'

/**
 * Takes what was read, and the buffer that it lies in; says whether the bytes are needed no longer, so that the next
 * read may overwrite them. If they are, the buffer is the receiver's, who may give it back with `giveBuffer`.
 */
export type Receive = (data: Buffer, buffer?: Buffer) => boolean

/**
 * What a socket is read into: one buffer, used again and again as long as the bytes were passed on at once, instead of
 * a new one for each read. When something still needs them, the buffer is left to it and another takes its place.
 */
export class Intake {
  /** To be set before the socket is read. */
  receive: Receive = () => true
  /** The options of a socket that is read into this. */
  readonly socketOptions: SocketOptions
  #buffer = takeBuffer()
  #released = false

  constructor() {
    const callback = (bytes: number) => {
      if (!this.receive(this.#buffer.subarray(0, bytes), this.#buffer)) this.#buffer = takeBuffer()
      return true
    }
    this.socketOptions = {
      allowHalfOpen: true,
      writableHighWaterMark: WRITE_AHEAD,
      onread: { buffer: () => this.#buffer, callback },
    }
  }

  /**
   * The accepted socket, but read into this. `net.Server` can't be told how to read, so the connection is moved to a
   * socket that can, by a property that Node doesn't document; where there is none, it is read in the usual way.
   */
  adopt(accepted: Socket): Socket {
    const handle: unknown = Reflect.get(accepted, '_handle')
    if (typeof handle !== 'object' || handle === null) return accepted.on('data', (data) => this.receive(data))
    Reflect.set(accepted, '_handle', null)
    accepted.destroy()
    const socket: Socket = Reflect.construct(Socket, [{ ...this.socketOptions, handle }])
    return socket
  }

  /** To be called when the socket is closed. */
  release(): void {
    if (!this.#released) giveBuffer(this.#buffer)
    this.#released = true
  }
}

interface SocketOptions {
  readonly allowHalfOpen: boolean
  readonly writableHighWaterMark: number
  readonly onread: OnReadOpts
}

/** How many bytes may wait for a socket to be writable before its source is read no further. */
const WRITE_AHEAD = 4 * READ_SIZE
