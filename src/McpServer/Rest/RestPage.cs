using System.Globalization;

namespace AiPlatform.McpServer.Rest;

/// <summary>A page of a list, as it is asked for with <c>page</c> and <c>limit</c>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Limit">Entries on it at most. Default 50.</param>
internal readonly record struct RestPage(int Number, int Limit)
{
    /// <summary>The most entries on a page.</summary>
    public const int MaxLimit = 100;

    /// <summary>The last page that can be asked for.</summary>
    public const int MaxNumber = 10_000;

    private const int DefaultLimit = 50;

    /// <exception cref="RestFaultException">A parameter is out of its bounds.</exception>
    public static RestPage Read(HttpRequest request) => new(Whole(request, "page", 1, MaxNumber), Whole(request, "limit", DefaultLimit, MaxLimit));

    /// <summary>A whole number from 1 of the query.</summary>
    public static int Whole(HttpRequest request, string name, int otherwise, int max)
    {
        var values = request.Query[name];
        return values.Count == 0 ? otherwise
            : values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number
            : throw new RestFaultException(new RestFault(StatusCodes.Status400BadRequest, "invalid_argument", $"'{name}' must be a whole number from 1 to {max}.", name));
    }
}
