using Gongji.Chaos.Faults;
using Gongji.Chaos.Product;

namespace Gongji.Chaos.Stores;

/// <summary>The embedded store in its own directory; where mounting is permitted, on its own in-memory file system, so that it can be full.</summary>
internal sealed class SqliteStore : ChaosStore
{
    private const string Roomy = "size=16g";
    private const int FillAttemptsMax = 20;

    private readonly DirectoryInfo _root;
    private readonly Undertaker _undertaker;

    private SqliteStore(DirectoryInfo root, bool isMounted)
    {
        _root = root;
        CanBeFull = isMounted;
        _undertaker = new Undertaker("sleep 1; umount $1; rm -rf $1", root.FullName);
    }

    /// <summary>Whether the directory's size can be limited.</summary>
    public bool CanBeFull { get; }

    public override StoreKind Kind => StoreKind.Sqlite;

    public override string[] Arguments => ["--data", Path.Combine(_root.FullName, "data")];

    public override string[] AuditArguments => Arguments;

    protected override IEnumerable<Fault> StoreFaults => CanBeFull ? [new DiskFullFault(this), new FileLimitFault()] : [new FileLimitFault()];

    public static async Task<SqliteStore> StartAsync()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("gongji-chaos-");
        bool isMounted = Environment.IsPrivilegedProcess && await Tool.TryRunAsync("mount", "-t", "tmpfs", "-o", Roomy, "gongji-chaos", root.FullName);
        return new SqliteStore(root, isMounted);
    }

    /// <summary>Leaves about the given number of bytes free.</summary>
    public async Task FillAsync(long roomBytes)
    {
        for (int attempt = 0; attempt < FillAttemptsMax; attempt++)
        {
            // The remount is refused when more than that has been written since.
            DriveInfo drive = new(_root.FullName);
            long size = drive.TotalSize - drive.TotalFreeSpace + roomBytes;
            if (await Tool.TryRunAsync("mount", "-o", string.Create(CultureInfo.InvariantCulture, $"remount,size={size}"), _root.FullName))
            {
                return;
            }
        }

        throw new ChaosException($"The file system at {_root.FullName} could not be limited.");
    }

    /// <summary>Makes space again.</summary>
    public Task FreeAsync() => Tool.RunAsync("mount", "-o", $"remount,{Roomy}", _root.FullName);

    public override async ValueTask DisposeAsync()
    {
        if (CanBeFull)
        {
            await Tool.RunAsync("umount", _root.FullName);
        }

        _root.Delete(recursive: true);
        _undertaker.Dismiss();
        _undertaker.Dispose();
    }
}
