namespace Gongji.Api.Demo;

/// <summary>A step of the demo went otherwise than told.</summary>
internal sealed class DemoDeviation(string step, string expected, string got) : Exception($"{step}: expected {expected}, got {got}")
{
    public string Step { get; } = step;

    public string Expected { get; } = expected;

    public string Got { get; } = got;
}
