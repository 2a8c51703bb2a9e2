namespace Gongji.Api.Tests.Support;

/// <summary>A test that needs a browser, and is skipped with a message where there is none; <c>./test</c> installs one where it can.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "There is no chromium on the PATH, so the console is not looked at in a browser. Install it: apt-get install chromium";
        }
    }
}
