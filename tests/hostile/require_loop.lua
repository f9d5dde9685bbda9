-- expect-match: leads back to itself
return require 'require_loop'
