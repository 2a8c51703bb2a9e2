namespace Gongji.Grains;

/// <summary>Names of the grain storage providers that a silo must configure.</summary>
public static class GrainStorage
{
    /// <summary>Where regions keep their rules: ADO.NET persistence, or the embedded store.</summary>
    public const string Regions = "regions";
}
