import { createHash } from 'node:crypto'
import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface WatchedFile {
  close(): void
}

/** Between two looks at the file, in milliseconds: events do not come on network drives and from Windows into WSL. */
const LOOK_EVERY = 400
/** An editor may empty the file before it writes it, or remove it before it puts the new one in its place. */
const SETTLED_AFTER = 40
const GONE_AFTER = 600

/** Calls back whenever the content of the file is another than before: by events where they come, by looking elsewhere. */
export function watchFile(file: string, onChange: () => void): WatchedFile {
  let known = contentNow(file)
  let candidate: { content: string; since: number } | undefined
  let looking = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const events = listen(file, () => next(SETTLED_AFTER))

  const next = (delay: number) => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(look, delay)
  }

  async function look(): Promise<void> {
    if (looking) return next(SETTLED_AFTER)
    looking = true
    const content = await contentOf(file)
    looking = false
    if (content === known) {
      candidate = undefined
      return next(LOOK_EVERY)
    }
    const now = performance.now()
    if (candidate?.content !== content) candidate = { content, since: now }
    const patience = content === '' ? GONE_AFTER : SETTLED_AFTER
    if (now - candidate.since < patience) return next(SETTLED_AFTER)
    known = content
    candidate = undefined
    next(LOOK_EVERY)
    if (!closed) onChange()
  }

  next(LOOK_EVERY)
  return {
    close() {
      closed = true
      clearTimeout(timer)
      events?.close()
    },
  }
}

/** Empty for a file that is empty or not there. */
async function contentOf(file: string): Promise<string> {
  return digest(await readFile(file).catch(() => Buffer.alloc(0)))
}

function contentNow(file: string): string {
  try {
    return digest(readFileSync(file))
  } catch {
    return ''
  }
}

function digest(bytes: Buffer): string {
  return bytes.length === 0 ? '' : createHash('sha256').update(bytes).digest('hex')
}

/** The folder, since editors replace the file by another one of that name. */
function listen(file: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(file), onEvent)
    // What can't be listened to is looked at.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
