/** A tar archive (ustar) of one small text file, as the engine's API takes files for a container. */
export function tarOf(name: string, text: string): Buffer {
  const content = Buffer.from(text)
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100, 'utf8')
  octal(header, 0o644, 100, 8)
  // Owner and group root; the mode lets everybody read.
  octal(header, 0, 108, 8)
  octal(header, 0, 116, 8)
  octal(header, content.length, 124, 12)
  octal(header, 0, 136, 12)
  header.fill(' ', CHECKSUM, CHECKSUM + 8)
  header.write('0', 156)
  header.write('ustar\0' + '00', 257, 'latin1')
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM, 8, 'latin1')
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
  // Two empty blocks end an archive.
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)])
}

const BLOCK = 512
const CHECKSUM = 148

function octal(header: Buffer, value: number, offset: number, length: number): void {
  header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, length, 'latin1')
}
