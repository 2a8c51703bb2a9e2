namespace Gongji.LoadTest;

/// <summary>The benchmark cannot continue; the message says why and what to do.</summary>
internal sealed class BenchException(string message) : Exception(message);
