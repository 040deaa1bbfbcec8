/** Who the bytes belong to. */
export interface Labels {
  readonly direction: string
  readonly listener: string
  readonly proxy: string
  readonly upstream: string
}

/** Bytes of streams that have ended, in Prometheus' words and under Toxiproxy's names. */
export class Metrics {
  readonly #received = new Map<string, number>()
  readonly #sent = new Map<string, number>()

  streamEnded(labels: Labels, received: number, sent: number): void {
    const key = format(labels)
    this.#received.set(key, (this.#received.get(key) ?? 0) + received)
    this.#sent.set(key, (this.#sent.get(key) ?? 0) + sent)
  }

  /** @param open how many connections each proxy has open now */
  render(open: ReadonlyMap<string, number>): string {
    const gauge = new Map([...open].map(([proxy, count]) => [`{proxy="${quotable(proxy)}"}`, count]))
    return [
      ...section(
        'toxiproxy_proxy_received_bytes_total',
        'counter',
        'Bytes read, of streams that have ended.',
        this.#received,
      ),
      ...section(
        'toxiproxy_proxy_sent_bytes_total',
        'counter',
        'Bytes written, of streams that have ended.',
        this.#sent,
      ),
      ...section('chaos_proxy_open_connections', 'gauge', 'Connections that are open now.', gauge),
      '',
    ].join('\n')
  }
}

function section(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string[] {
  if (values.size === 0) return []
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...[...values].map(([key, value]) => `${name}${key} ${value}`),
  ]
}

const format = ({ direction, listener, proxy, upstream }: Labels): string =>
  `{direction="${direction}",listener="${quotable(listener)}",proxy="${quotable(proxy)}",upstream="${quotable(upstream)}"}`

const quotable = (text: string): string =>
  text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
