using System.Globalization;

namespace Gongji.Simulation.Kernel;

/// <summary>
/// What happened, in order. Its hash is always kept, so that two runs can be compared. Its text is kept only on request, since a failing seed can
/// simply be run again.
/// </summary>
public sealed class SimulationTrace(VirtualTime time, bool keepText)
{
    private readonly List<TraceLine> _lines = [];
    private ulong _hash = 14_695_981_039_346_656_037UL;

    public ulong Hash => _hash;

    public long Events { get; private set; }

    public IReadOnlyList<TraceLine> Lines => _lines;

    /// <summary>Adds an event.</summary>
    /// <param name="what">The event's kind, a constant.</param>
    /// <param name="who">The silo, account or other party concerned.</param>
    /// <param name="operation">The operation concerned, or none.</param>
    /// <param name="first">A figure.</param>
    /// <param name="second">A figure.</param>
    public void Add(string what, string who, Guid operation = default, long first = 0, long second = 0)
    {
        Events++;
        ulong hash = _hash;
        hash = Mix(hash, (ulong)time.Now);
        hash = Mix(hash, what);
        hash = Mix(hash, who);
        if (operation != default)
        {
            (ulong high, ulong low) = HalvesOf(operation);
            hash = Mix(hash, high);
            hash = Mix(hash, low);
        }

        hash = Mix(hash, unchecked((ulong)first));
        _hash = Mix(hash, unchecked((ulong)second));
        if (keepText)
        {
            _lines.Add(new TraceLine(time.Now, what, who, operation, first, second, null));
        }
    }

    /// <summary>Adds words to the text only; they are made only when the text is kept.</summary>
    public void Note(string what, string who, Guid operation, Func<string> text)
    {
        if (keepText)
        {
            _lines.Add(new TraceLine(time.Now, what, who, operation, 0, 0, text()));
        }
    }

    /// <summary>Formats a moment of virtual time, in seconds.</summary>
    public static string Moment(long ticks) =>
        (ticks / (double)TimeSpan.TicksPerSecond).ToString("0.000000", CultureInfo.InvariantCulture);

    private static (ulong High, ulong Low) HalvesOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return (BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
    }

    private static ulong Mix(ulong hash, string text)
    {
        // The length and both end characters tell kinds and names apart; the figures beside them do the rest.
        return text.Length == 0 ? hash : Mix(hash, ((ulong)text.Length << 32) | ((ulong)text[0] << 16) | text[^1]);
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        unchecked
        {
            hash = (hash ^ value) * 0x9E3779B97F4A7C15UL;
            return hash ^ (hash >> 29);
        }
    }
}

/// <summary>One line of a trace.</summary>
public readonly record struct TraceLine(long At, string What, string Who, Guid Operation, long First, long Second, string? Text)
{
    public override string ToString()
    {
        string operation = Operation == default ? string.Empty : " " + Operation.ToString("D");
        string rest = Text ?? (What.StartsWith("clock-", StringComparison.Ordinal)
            ? TimeSpan.FromTicks(First).ToString("c", CultureInfo.InvariantCulture)
            : First == 0 && Second == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{First} {Second:+#;-#;0}"));
        return $"{SimulationTrace.Moment(At),14}  {What,-18} {Who}{operation}  {rest}".TrimEnd();
    }
}
