namespace Gongji.Api.Tests.Support;

/// <summary>A test that needs promtool, which comes with Prometheus, and is skipped with a message where there is none.</summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "promtool"))))
        {
            Skip = "There is no promtool on the PATH, so the alerts are not tried out. Install it: apt-get install prometheus";
        }
    }
}
