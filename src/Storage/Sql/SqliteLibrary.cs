using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace AiPlatform.Storage.Sql;

/// <summary>Binds the SQLite library of the operating system. Idempotent and thread-safe.</summary>
public static class SqliteLibrary
{
    private static readonly Lazy<bool> Bound = new(Bind, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Must run before the first SQLite connection of the process.</summary>
    public static void Use() => _ = Bound.Value;

    private static bool Bind()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // Another part of the process has bound the library already, and a second resolver is not allowed.
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "e_sqlite3")
        {
            return IntPtr.Zero;
        }

        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, assembly, search, out var handle))
            {
                return handle;
            }
        }

        throw new StorageException("sqlite_missing", $"The SQLite library was not found under {string.Join(", ", Candidates())}; install it (Debian: libsqlite3-0).");
    }

    private static string[] Candidates() =>
        OperatingSystem.IsWindows() ? ["winsqlite3", "e_sqlite3", "sqlite3"]
        : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib", "libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];
}
