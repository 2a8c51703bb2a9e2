namespace Gongji.Chaos.Product;

/// <summary>What the product says about itself.</summary>
internal enum HealthState
{
    /// <summary>Nothing: it is absent, or does not answer in time.</summary>
    Silent,

    /// <summary>It takes commands.</summary>
    Ready,

    /// <summary>It says that it takes none.</summary>
    NotReady,
}
