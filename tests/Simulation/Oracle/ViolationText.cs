using System.Runtime.CompilerServices;
using System.Text;

namespace Gongji.Simulation.Oracle;

/// <summary>The text of a violation, built only when there is one.</summary>
[InterpolatedStringHandler]
internal readonly ref struct ViolationText
{
    private readonly StringBuilder? _text;

    public ViolationText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? null : new StringBuilder(literalLength + formattedCount * 16);
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(value);

    public override string ToString() => _text?.ToString() ?? string.Empty;
}
