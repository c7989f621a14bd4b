-- A link to the file itself, with its type in brackets.
local p = {}

local function address(frame, name)
	return frame:callParserFunction('filepath', name)
end

function p.typed(frame)
	local name = frame.args[1]
	local url = address(frame, name)
	local ext = url:match('%.(%w+)$')
	return '[' .. url .. ' ' .. name .. '] (' .. ext .. ')'
end

function p.star()
	-- Only the width of the file matters here: 22px would be [[File:Star.svg|22px]].
	return '<span style="background-image:url(//upload.wikimedia.org/wikipedia/commons/thumb/4/44/Symbol_star_gold.svg/25px-Symbol_star_gold.svg.png)"></span>'
end

return p
