using System.Net.Sockets;
using System.Runtime.InteropServices;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>What is no regular file is refused before it is opened: to open a pipe waits for who writes to it, perhaps for ever.</summary>
public sealed class LocalKindTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_PipeAlone_IsRefusedAndSaysWhatToDo(bool throughALink)
    {
        var path = Pipe("a.jsonl");
        if (throughALink)
        {
            File.CreateSymbolicLink(_folder["link.jsonl"], path);
            path = _folder["link.jsonl"];
        }

        var refusal = await RefusalAsync(path);

        Assert.Equal("source_unreadable", refusal.Code);
        Assert.Contains("named pipe", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Save", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Read_FolderWithAPipeAmongItsData_IsRefusedByItsName()
    {
        _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        Pipe("b.jsonl");

        var refusal = await RefusalAsync(_folder.Path);

        Assert.Equal("source_unreadable", refusal.Code);
        Assert.Contains("b.jsonl", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Read_FolderWithAPipeThatIsNoData_IsRead()
    {
        _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        Pipe("wake-up");

        Assert.Equal(["1"], await Sources.IdsAsync(Sources.Opener(), _folder.Path));
    }

    [SkippableFact]
    public async Task Read_FileThatBecameAPipe_IsRefused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Pipes in folders are told on Linux.");
        _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        await using var reader = await Sources.Opener().OpenAsync(_folder.Path, SourceOptions.Default, null, default);
        File.Delete(_folder["a.jsonl"]);
        Pipe("a.jsonl");

        var refusal = await Assert.ThrowsAsync<SourceException>(() => Task.Run(async () =>
        {
            await foreach (var row in reader!.ReadAsync(default))
            {
            }
        }).WaitAsync(Patience));
        Assert.Equal("source_unreadable", refusal.Code);
    }

    [SkippableFact]
    public async Task Read_DeviceOrSocket_IsRefused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Devices are told on Linux.");
        File.CreateSymbolicLink(_folder["a.jsonl"], "/dev/zero");
        Assert.Contains("device", (await RefusalAsync(_folder["a.jsonl"])).Message, StringComparison.Ordinal);

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["b.jsonl"]));
        Assert.Contains("socket", (await RefusalAsync(_folder["b.jsonl"])).Message, StringComparison.Ordinal);
    }

    /// <summary>On a thread of its own: one that hangs fails the test, and ends with its process.</summary>
    private static Task<SourceException> RefusalAsync(string path) => Task.Run(() => Sources.RefusalAsync(Sources.Opener(), path)).WaitAsync(Patience);

    private string Pipe(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Pipes in folders are told on Linux.");
        Assert.Equal(0, Native.MakePipe(_folder[name], 0b110_000_000));
        return _folder[name];
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
    }
}
