import { spawn } from 'node:child_process'

/** Runs a Node program and gives its exit code and all that it printed. */
export function runNode(folder: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
    const child = spawn(process.execPath, words, { cwd: folder, env })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
