import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where this machine has a browser, if it has one. */
export const browserPath = CANDIDATES.find((path) => existsSync(path))

export async function launchBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('there is no browser on this machine')
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage']
  return await chromium.launch({ executablePath: browserPath, args, timeout: 60_000 })
}
