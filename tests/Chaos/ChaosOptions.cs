using Gongji.Chaos.Stores;

namespace Gongji.Chaos;

/// <summary>How to run.</summary>
/// <param name="Time">Rounds begin until this is over.</param>
/// <param name="Seed">Decides the order of faults and what is asked.</param>
/// <param name="Stores">Where; in turn.</param>
/// <param name="OnlyFault">The name of the one fault to inject; null for all.</param>
internal sealed record ChaosOptions(TimeSpan Time, int Seed, IReadOnlyList<StoreKind> Stores, string? OnlyFault = null);
