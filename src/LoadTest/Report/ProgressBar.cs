namespace Gongji.LoadTest;

/// <summary>A line that shows the benchmark's progress. Writes nothing when standard error is not a terminal.</summary>
internal sealed class ProgressBar
{
    private const int Width = 24;

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private readonly Lock _gate = new();
    private int _length;

    /// <param name="name">What is under way.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="text">The text after the bar.</param>
    public void Show(string name, double share, string text)
    {
        if (!_isShown)
        {
            return;
        }

        lock (_gate)
        {
            int filled = (int)(Math.Clamp(share, 0, 1) * Width);
            string line = $"{name,-26} [{new string('=', filled)}{new string(' ', Width - filled)}] {text}";
            Console.Error.Write('\r' + line.PadRight(_length));
            _length = line.Length;
        }
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (!_isShown)
        {
            return;
        }

        lock (_gate)
        {
            Console.Error.Write('\r' + new string(' ', _length) + '\r');
            _length = 0;
        }
    }

    /// <summary>Returns a receiver for a count towards a total; it updates the bar at each thousandth.</summary>
    public IProgress<int> Of(string name, int total) => new Counting(this, name, total);

    private sealed class Counting(ProgressBar bar, string name, int total) : IProgress<int>
    {
        private int _shown;

        public void Report(int value)
        {
            int thousandths = (int)(1_000L * value / total);
            if (Interlocked.Exchange(ref _shown, thousandths) != thousandths)
            {
                bar.Show(name, (double)value / total, $"{value:N0} of {total:N0}");
            }
        }
    }
}
