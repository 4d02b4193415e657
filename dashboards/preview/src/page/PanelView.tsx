import { type DataFrame, dateTime, type TimeRange } from '@grafana/data';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import { Component, type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { Asked, Drawn } from '../shared/model';
import { contentOf } from './content';
import { configured } from './fields';
import { framesOf } from './frames';
import { Bars } from './panels/Bars';
import type { Drawing } from './panels/drawing';
import { Lines } from './panels/Lines';
import { Rows } from './panels/Rows';
import { Stat } from './panels/Stat';
import { XyChart } from './panels/XyChart';
import { transformed } from './transformations';

const KINDS: Record<string, ComponentType<Drawing>> = {
  stat: Stat,
  bargauge: Bars,
  timeseries: Lines,
  table: Rows,
  xychart: XyChart,
};

interface Props {
  asked: Asked;
  from: number;
  to: number;
  width: number;
  height: number;
  onDrawn: (drawn: Drawn) => void;
}

/** A panel in its frame; reports the result of drawing it. */
export function PanelView({ asked: { panel, answers }, from, to, width, height, onDrawn }: Props) {
  const Kind = KINDS[panel.type];
  const theme = useTheme2();
  const [frames, setFrames] = useState<DataFrame[]>();
  const [error, setError] = useState<string>();
  const failed = (thrown: unknown) => setError(thrown instanceof Error ? thrown.message : String(thrown));

  useEffect(() => {
    if (!Kind) return failed(`panels of type ${panel.type} are unknown to the preview: add them to PanelView.tsx`);
    transformed(panel, framesOf(answers))
      .then((done) => setFrames(configured(done, panel.fieldConfig, theme)))
      .catch(failed);
  }, [panel, answers, theme]);

  useEffect(() => {
    if (error !== undefined) onDrawn({ title: panel.title, type: panel.type, frames: frames?.length ?? 0, series: 0, points: 0, error });
    else if (frames) onDrawn(contentOf(panel, frames));
  }, [frames, error]);

  return (
    <PanelChrome title={panel.title} description={panel.description} width={width} height={height} padding={panel.type === 'table' ? 'none' : 'md'}>
      {(innerWidth, innerHeight) => {
        if (error !== undefined) return <Note text={error} />;
        if (!frames) return null;
        // As in Grafana: a stat without data shows its own text, all other panels show that there is no data.
        if (panel.type !== 'stat' && contentOf(panel, frames).points === 0) return <Note text="No data" />;
        return (
          <Guard tell={failed}>
            <Kind
              frames={frames}
              options={panel.options}
              fieldConfig={panel.fieldConfig}
              range={rangeOf(from, to)}
              width={innerWidth}
              height={innerHeight}
            />
          </Guard>
        );
      }}
    </PanelChrome>
  );
}

function rangeOf(from: number, to: number): TimeRange {
  const ends = { from: dateTime(from), to: dateTime(to) };
  return { ...ends, raw: ends };
}

function Note({ text }: { text: string }) {
  return <div className="note">{text}</div>;
}

/** Catches errors of a component while it draws, so that the other panels are still drawn. */
class Guard extends Component<{ tell: (thrown: unknown) => void; children: ReactNode }> {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  componentDidCatch(thrown: Error) {
    this.props.tell(thrown);
  }

  render() {
    return this.state.broken ? null : this.props.children;
  }
}
