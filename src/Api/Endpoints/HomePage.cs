using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Gongji.Api.Signing;

namespace Gongji.Api.Endpoints;

/// <summary>The console: one page for those who monitor the product. It calls this API like any other client, and knows only what the API answers.</summary>
internal static class HomePage
{
    private static readonly string Html = Load();

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Html);

    /// <summary>
    /// Allows the page's own script and style and no others, whatever data it shows. The page talks to this server only, and no text ever becomes markup.
    /// </summary>
    private static readonly string Policy =
        $"default-src 'none'; script-src {HashOf("script")}; style-src {HashOf("style")}; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static void MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(Bytes, "text/html; charset=utf-8");
        }).By(CallRule.Open).ExcludeFromDescription();

        // Browsers request it on their own. There is no icon, but a 404 would count among the errors that operators watch.
        routes.MapGet("/favicon.ico", TypedResults.NoContent).By(CallRule.Open).ExcludeFromDescription();
    }

    /// <summary>Loads the page with line feeds as line ends, as browsers normalise them before hashing; a checkout may have changed them.</summary>
    private static string Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("home.html")
            ?? throw new InvalidOperationException("The build left home.html out.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The hash source that allows the page's only inline script or style.</summary>
    private static string HashOf(string element)
    {
        int from = Html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        int to = Html.IndexOf($"</{element}>", StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Html[from..to])))}'";
    }
}
