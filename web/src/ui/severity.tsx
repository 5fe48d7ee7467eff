export function Severity({ of }: { of: string }) {
  const look = of === 'critical' || of === 'high' ? 'red' : of === 'medium' ? 'amber' : ''
  return <span className={`tag ${look}`}>{of}</span>
}
