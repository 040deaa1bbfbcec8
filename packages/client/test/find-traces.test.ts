import { expect, test } from 'vitest'
import { traceFinder } from '../src/run/find-traces.ts'

const traceUrl = (id: string) => `http://127.0.0.1:3000/trace/${id}`

test('a link is told once its trace can be found, and not before', async () => {
  const looks = new Map<string, number>()
  const traceFound = async (id: string) => {
    looks.set(id, (looks.get(id) ?? 0) + 1)
    return id !== 'never' && (looks.get(id) ?? 0) > 1
  }
  const told: [number, string][] = []
  const finder = traceFinder({ traceFound, traceUrl }, (order, url) => told.push([order, url]))
  finder.lookFor(1, 'a')
  finder.lookFor(2, 'never')
  const found = await finder.finish(1_500)
  expect([...found]).toEqual([[1, traceUrl('a')]])
  expect(told).toEqual([[1, traceUrl('a')]])
  expect(looks.get('a')).toBe(2)
})

test('a collector that is away has found nothing, and holds nobody up', async () => {
  const finder = traceFinder({ traceUrl, traceFound: () => Promise.reject(new Error('ECONNREFUSED')) })
  finder.lookFor(1, 'a')
  expect(await finder.finish(300)).toEqual(new Map())
})
