import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { pour } from './pour.ts'

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** Times of so many round trips of 64 bytes, one after the other, in microseconds, sorted. */
export async function roundTrips(port: number, count: number): Promise<number[]> {
  const socket = await open(port)
  socket.write('e')
  await new Promise((resolve) => setTimeout(resolve, 20))
  const message = Buffer.alloc(64, 'x')
  const times: number[] = []
  await new Promise<void>((resolve, reject) => {
    let sent = 0
    let got = 0
    const send = () => {
      sent = performance.now()
      socket.write(message)
    }
    socket.on('error', reject)
    socket.on('data', (data) => {
      got += data.length
      if (got < message.length) return
      got = 0
      times.push((performance.now() - sent) * 1000)
      if (times.length === count) resolve()
      else send()
    })
    send()
  })
  socket.destroy()
  return times.toSorted((a, b) => a - b)
}

/** To the upstream, or from it. */
export type Way = 'upload' | 'download'

/** Megabytes (1 000 000 bytes) a second between client and upstream, over so many connections at once. */
export async function throughput(port: number, way: Way, connections: number, megabytes: number): Promise<number> {
  const bytes = Math.floor((megabytes * 1_000_000) / connections)
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const start = performance.now()
  await Promise.all(sockets.map((socket) => (way === 'upload' ? upload(socket, bytes) : download(socket, bytes))))
  const seconds = (performance.now() - start) / 1000
  for (const socket of sockets) socket.destroy()
  return (bytes * connections) / 1_000_000 / seconds
}

function upload(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('data', () => resolve())
    socket.write(header('s', bytes))
    pour(socket, bytes)
  })
}

function download(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = bytes
    socket.on('error', reject)
    socket.on('data', (data) => {
      left -= data.length
      if (left === 0) resolve()
    })
    socket.write(header('d', bytes))
  })
}

/** Tells the upstream what to do with so many bytes: to take or to send them. */
function header(kind: 's' | 'd', bytes: number): Buffer {
  const header = Buffer.alloc(5, kind)
  header.writeUInt32BE(bytes, 1)
  return header
}

/** Connections a second: opened, one byte there and back, closed; so many at a time. */
export async function connectionRate(port: number, count: number, atOnce: number): Promise<number> {
  let started = 0
  const start = performance.now()
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.on('error', reject)
      socket.on('connect', () => socket.write('ex'))
      socket.once('data', () => socket.destroy())
      socket.once('close', () => resolve())
    })
  const worker = async () => {
    while (started++ < count) await one()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return count / ((performance.now() - start) / 1000)
}
