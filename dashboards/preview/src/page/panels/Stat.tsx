import { BigValue, type BigValueColorMode, BigValueGraphMode, type BigValueJustifyMode, type BigValueTextMode, useTheme2 } from '@grafana/ui';
import type { Drawing } from './drawing';
import { Values } from './Values';

/** The newest values in large digits. */
export function Stat(drawing: Drawing) {
  const theme = useTheme2();
  const { colorMode, justifyMode, textMode } = drawing.options;
  return (
    <Values
      {...drawing}
      spacing={3}
      autoGrid={true}
      draw={({ value, width, height, count, alignmentFactors }) => (
        <BigValue
          value={value.display}
          width={width}
          height={height}
          count={count}
          alignmentFactors={alignmentFactors}
          theme={theme}
          colorMode={colorMode as BigValueColorMode}
          graphMode={BigValueGraphMode.None}
          justifyMode={justifyMode as BigValueJustifyMode}
          textMode={textMode as BigValueTextMode}
        />
      )}
    />
  );
}
