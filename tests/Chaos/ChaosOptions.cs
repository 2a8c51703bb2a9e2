using Gongji.Chaos.Stores;

namespace Gongji.Chaos;

/// <summary>The options of a run.</summary>
/// <param name="Time">New rounds begin until this time is over.</param>
/// <param name="Seed">Decides the order of the faults and the commands.</param>
/// <param name="Stores">The stores, used in turn.</param>
/// <param name="OnlyFault">The name of the one fault to inject; null for all.</param>
internal sealed record ChaosOptions(TimeSpan Time, int Seed, IReadOnlyList<StoreKind> Stores, string? OnlyFault = null);
