namespace Gongji.Api.Demo;

/// <summary>A step of the demo did not go as the story tells it.</summary>
internal sealed class DemoDeviation(string step, string expected, string got) : Exception($"{step}: expected {expected}, got {got}")
{
    public string Step { get; } = step;

    public string Expected { get; } = expected;

    public string Got { get; } = got;
}
