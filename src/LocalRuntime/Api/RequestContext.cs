namespace Orleans.Runtime;

/// <summary>Values that flow along with calls, from caller to callee, never back.</summary>
public static class RequestContext
{
    internal const string ReentrancyHeader = "#CCR";

    // A change replaces the dictionary and never modifies it: requests share it with their caller.
    private static readonly AsyncLocal<Dictionary<string, object>?> Local = new();
    private static long _lastReentrancyId;

    /// <summary>The id of the call chain that may re-enter, or empty.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyHeader) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty) Remove(ReentrancyHeader);
            else Set(ReentrancyHeader, value);
        }
    }

    internal static Dictionary<string, object>? Values
    {
        get => Local.Value;
        set
        {
            // Writing makes a new execution context, and most calls carry nothing.
            if (!ReferenceEquals(Local.Value, value)) Local.Value = value;
        }
    }

    /// <summary>Gets a value, or null.</summary>
    public static object? Get(string key) => Values is { } values && values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Sets a value for the calls made from here on.</summary>
    public static void Set(string key, object value) =>
        Values = Values is { } values ? new Dictionary<string, object>(values) { [key] = value } : new Dictionary<string, object>(1) { [key] = value };

    /// <summary>Removes a value.</summary>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key)) return false;
        var left = new Dictionary<string, object>(values);
        left.Remove(key);
        Values = left.Count == 0 ? null : left;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear() => Values = null;

    /// <summary>Until disposed, calls that result from this grain's calls may re-enter this grain.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        return new ReentrancySection(original, original == Guid.Empty ? CountedGuid(Interlocked.Increment(ref _lastReentrancyId)) : original);
    }

    /// <summary>An id that is unique in the process; a random one would make simulations differ.</summary>
    internal static Guid CountedGuid(long number) => new(0, 0, 0, BitConverter.GetBytes(number));

    /// <summary>A section in which re-entrance is allowed or suppressed.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _current;

        /// <summary>Enters the section.</summary>
        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            (_original, _current) = (originalReentrancyId, newReentrancyId);
            ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty) Activation.Current?.EnterReentrantSection(newReentrancyId);
        }

        /// <summary>Leaves the section.</summary>
        public void Dispose()
        {
            if (_current != Guid.Empty) Activation.Current?.LeaveReentrantSection(_current);

            ReentrancyId = _original;
        }
    }
}
