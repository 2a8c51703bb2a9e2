using Gongji.Silo;

namespace Gongji.Api.Commands;

/// <summary>What a started process says first.</summary>
internal static class Banner
{
    public static string Of(IEnumerable<string> urls, SiloOptions silo)
    {
        string first = urls.First();
        string store = silo.PostgresConnectionString is null ? $"SQLite in {silo.DataDirectory}" : $"PostgreSQL at {PostgresPlace.Of(silo.PostgresConnectionString)}";
        string clock = silo.ClockStart is { } start ? $"\n  clock    starts at {start:yyyy-MM-dd'T'HH:mm:sszzz}; PUT /v1/clock moves it" : string.Empty;
        return $"""
            Gongji is up.
              address  {string.Join("  ", urls)}
              store    {store}
              runtime  {GongjiSilo.RuntimeName}{clock}
              signing  not built yet: every call is taken UNSIGNED, from this machine only
            Try:       curl {first}/v1/regions/320500
            Ctrl-C stops it; what was answered is kept.
            """;
    }
}
