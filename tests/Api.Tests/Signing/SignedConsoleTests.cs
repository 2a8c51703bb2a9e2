using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests.Signing;

/// <summary>The console of a server that requires signatures, which a browser cannot make.</summary>
public sealed class SignedConsoleTests(SignedApp app) : IClassFixture<SignedApp>
{
    [BrowserFact]
    public async Task Browser_without_a_key_shows_health_and_metrics_and_says_what_would_show_the_rest()
    {
        await using Browser browser = await Browser.OpenAsync(new Uri(app.Address, "/"));
        string text = await browser.UntilAsync("!document.getElementById('signed-only').hidden");

        Assert.Contains("./run --unsigned", text, StringComparison.Ordinal);
        Assert.Contains("ready", text, StringComparison.Ordinal);
        Assert.Contains("sqlite", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Run the audit", text, StringComparison.Ordinal);

        // Refused calls count among the problems that operators watch, so the page asks only once.
        await browser.UntilAsync("document.getElementById('window').textContent.startsWith('Over the last')");
        Assert.Equal("1", await browser.EvaluateAsync("performance.getEntriesByType('resource').filter(entry => entry.name.includes('/v1/')).length"));
    }
}
