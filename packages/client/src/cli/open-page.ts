import { spawn } from 'node:child_process'

/**
 * Opens a page or a file in the browser of this desktop.
 *
 * @returns false where there is no desktop, or nothing that could open it
 */
export async function openPage(address: string, environment = process.env): Promise<boolean> {
  const opener = openerOf(process.platform, environment)
  if (opener === undefined) return false
  const [command, ...args] = opener
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

/** The command that opens things on this system; undefined without a desktop. */
export function openerOf(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME, SSH_CONNECTION }: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (platform === 'win32') return ['explorer.exe']
  if (platform === 'darwin') return SSH_CONNECTION === undefined ? ['open'] : undefined
  if (WSL_DISTRO_NAME) return ['wslview']
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}
