using Microsoft.Win32.SafeHandles;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>The standard streams of the process as bytes.</summary>
internal static class StandardStreams
{
    private const int OutputDescriptor = 1;

    public static Stream OpenInput() => System.Console.OpenStandardInput();

    /// <summary>
    /// Takes the standard output for protocol messages: whatever else the process prints from now on goes to the standard error. Where that can be
    /// had, a stream that fails when nobody reads any more, which the console's own keeps quiet about.
    /// </summary>
    public static Stream TakeOutput()
    {
        var console = System.Console.OpenStandardOutput();
        System.Console.SetOut(System.Console.Error);
        if (OperatingSystem.IsWindows())
        {
            return console;
        }

        var pipe = new FileStream(new SafeFileHandle(OutputDescriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? console : pipe;
    }
}
