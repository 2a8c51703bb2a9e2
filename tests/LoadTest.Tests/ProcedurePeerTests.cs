namespace Gongji.LoadTest.Tests;

public sealed class ProcedurePeerTests
{
    [Fact]
    public void Schema_has_as_many_accounts_as_asked_for()
    {
        Assert.Contains("generate_series(1,100000) g", ProcedurePeer.Schema(100_000), StringComparison.Ordinal);
        string other = ProcedurePeer.Schema(250_000);
        Assert.Contains("1000000000 from generate_series(1,250000) g", other, StringComparison.Ordinal);
        Assert.Contains("generate_series(1,31)", other, StringComparison.Ordinal);
    }
}
